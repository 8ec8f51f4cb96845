/** Name of entry `i`, from 0, of what one host appends while another one replays. */
export function nameOf(i: number): string {
  return `entry-${String(i).padStart(5, '0')}`;
}
