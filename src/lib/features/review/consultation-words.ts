import type { Values } from '#domain/records/registry.ts';
import { m } from '$lib/paraglide/messages.js';

type Channel = NonNullable<Values<'consultation'>['channel']>;
type Service = NonNullable<Values<'consultation'>['service']>;

const channels: Record<Channel, () => string> = {
  in_person: m.office_channel_in_person,
  phone: m.office_channel_phone,
  video: m.office_channel_video,
  messenger: m.office_channel_messenger,
  email: m.office_channel_email,
  trip: m.office_channel_trip
};

const services: Record<Service, () => string> = {
  printing: m.office_service_printing,
  projector: m.office_service_projector,
  room: m.office_service_room,
  phone_reference: m.office_service_phone,
  transport: m.office_service_transport,
  other: m.office_service_other
};

export function channelWord(channel: Channel): string {
  return channels[channel]();
}

export function serviceWord(service: Service): string {
  return services[service]();
}
