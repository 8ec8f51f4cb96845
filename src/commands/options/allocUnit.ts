/** The allocation unit of a file system that is to be made or planned. */
export const allocUnitOption = {
  allocUnit: {
    type: 'size',
    value: 'SIZE',
    summary: 'allocation unit, 2M or 4k; the default is 2M, and 4k is for many small files',
    details:
      'A file takes whole units. With 4k, files of 2 MiB and more still begin at multiples of 2 MiB where there is room, and ' +
      'smaller ones are packed apart from them. It cannot be changed later.',
  },
} as const;
