/** What a job took of what is paid for, and what that costs by a price table. */
export interface Charge {
  vcpuSeconds: number;
  gpuSeconds: number;
  /** Memory by time, of containers and functions. */
  gbSeconds: number;
  transitions: number;
  requests: number;
  usd: number;
  /** The date of the price table. */
  prices: string;
}
