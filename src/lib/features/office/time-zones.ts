import { m } from '$lib/paraglide/messages.js';

/** One zone for each offset of the country, from west to east; the words name the city that people know. */
export function russianZones(): readonly { readonly value: string; readonly label: string }[] {
  return [
    { value: 'Europe/Kaliningrad', label: m.office_zone_kaliningrad() },
    { value: 'Europe/Moscow', label: m.office_zone_moscow() },
    { value: 'Europe/Samara', label: m.office_zone_samara() },
    { value: 'Asia/Yekaterinburg', label: m.office_zone_yekaterinburg() },
    { value: 'Asia/Omsk', label: m.office_zone_omsk() },
    { value: 'Asia/Krasnoyarsk', label: m.office_zone_krasnoyarsk() },
    { value: 'Asia/Irkutsk', label: m.office_zone_irkutsk() },
    { value: 'Asia/Yakutsk', label: m.office_zone_yakutsk() },
    { value: 'Asia/Vladivostok', label: m.office_zone_vladivostok() },
    { value: 'Asia/Magadan', label: m.office_zone_magadan() },
    { value: 'Asia/Kamchatka', label: m.office_zone_kamchatka() }
  ];
}
