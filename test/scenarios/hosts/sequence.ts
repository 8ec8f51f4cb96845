/** Name of entry `i`, counted from 0, that one host appends while another replays. */
export function nameOf(i: number): string {
  return `entry-${String(i).padStart(5, '0')}`;
}
