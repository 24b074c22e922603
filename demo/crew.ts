import type { DemoDevice, DemoStaff } from './batch.ts';

/** Who works at the demonstration centre. All invented; the telephone numbers are in a range that nobody has. */
export const staff: readonly (DemoStaff & { readonly position: string })[] = [
  {
    user: 'olga',
    role: 'coordinator',
    name: 'Лескова Ольга Вадимовна',
    phone: '+79000000101',
    position: 'Координатор проекта'
  },
  {
    user: 'ivan',
    role: 'field',
    name: 'Раздольный Иван Игоревич',
    phone: '+79000000102',
    position: 'Специалист по выездной работе'
  },
  {
    user: 'anna',
    role: 'field',
    name: 'Каюрова Анна Марковна',
    phone: '+79000000103',
    position: 'Специалист по обучению'
  },
  {
    user: 'lyudmila',
    role: 'field',
    name: 'Протокова Людмила Егоровна',
    phone: '+79000000104',
    position: 'Специалист по работе с сёлами'
  }
];

const tablet = (number: number, user: string): DemoDevice => ({
  id: `field-demo${number}`,
  role: 'field',
  user,
  name: `Планшет № ${number}`
});

export const office: DemoDevice = {
  id: 'office-demo1',
  role: 'coordinator',
  user: 'olga',
  name: 'Компьютер координатора'
};
export const tabletIvan = tablet(1, 'ivan');
export const tabletAnna = tablet(2, 'anna');
export const tabletLyudmila = tablet(3, 'lyudmila');

export const devices: readonly DemoDevice[] = [office, tabletIvan, tabletAnna, tabletLyudmila];
