import { unreachable } from '#domain/result.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Service } from './note-changes.ts';
import type { Channel, ClientType } from './note-form.ts';

export function channelWord(channel: Channel): string {
  switch (channel) {
    case 'in_person':
      return m.consult_channel_in_person();
    case 'phone':
      return m.consult_channel_phone();
    case 'video':
      return m.consult_channel_video();
    case 'messenger':
      return m.consult_channel_messenger();
    case 'email':
      return m.consult_channel_email();
    case 'trip':
      return m.consult_channel_trip();
    default:
      return unreachable(channel);
  }
}

export function serviceWord(service: Service): string {
  switch (service) {
    case 'printing':
      return m.consult_service_printing();
    case 'projector':
      return m.consult_service_projector();
    case 'room':
      return m.consult_service_room();
    case 'phone_reference':
      return m.consult_service_phone_reference();
    case 'transport':
      return m.consult_service_transport();
    case 'other':
      return m.consult_service_other();
    default:
      return unreachable(service);
  }
}

export function clientTypeWord(type: ClientType): string {
  switch (type) {
    case 'group':
      return m.consult_client_group();
    case 'organisation':
      return m.consult_client_organisation();
    case 'person':
      return m.consult_client_person();
    default:
      return unreachable(type);
  }
}
