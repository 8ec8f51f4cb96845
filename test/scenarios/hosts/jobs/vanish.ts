import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type DeviceError, MappedDevice } from '../../../../src/native/device.js';

/** Unbinds a device from its driver while it is mapped; returns the error of the next read. */
export default async function vanish({ dev }: { dev: string }): Promise<{ code: string; offset: number | null }> {
  const device = MappedDevice.open(dev, { writable: false });
  device.read(4096, 64);
  writeFileSync('/sys/bus/dax/drivers/device_dax/unbind', basename(dev));
  try {
    device.read(4096, 64);
  } catch (error) {
    const { code, offset = null } = error as DeviceError;
    return { code, offset };
  } finally {
    device.close();
  }
  return { code: 'NONE', offset: null };
}
