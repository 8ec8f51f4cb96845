/** The system log and the service manager of this host. */
import { sendDatagram } from '../../native/fuseMount.js';

const SOCKET = '/dev/log';
/** facility daemon, level notice */
const PRIORITY = 3 * 8 + 5;

/** Writes a line to syslog or the journal, if there is one. */
export function systemLog(line: string): void {
  sendDatagram(SOCKET, `<${PRIORITY}>famfs[${process.pid}]: ${line}`);
}

/** Notifies systemd, if it has started this process (Type=notify): READY=1, STOPPING=1 and the like. */
export function notifyManager(env: Readonly<Record<string, string | undefined>>, state: string): void {
  const { NOTIFY_SOCKET } = env;
  if (NOTIFY_SOCKET) sendDatagram(NOTIFY_SOCKET, state);
}
