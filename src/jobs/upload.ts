import type { SubmitRequest } from './submit.ts';

/** The kind of an upload's record. */
export const UPLOAD = 'upload';

/** A file that somebody sends, or has sent. */
export interface Upload {
  id: string;
  team: string;
  name: string;
  mediaType: string;
  /** Where the file lies once it is whole. */
  uri: string;
  /** What the sender said of it beforehand. */
  bytes?: number;
  sha256?: string;
  maxBytes: number;
  /** When it is sent in parts. */
  parts?: UploadPlan;
  /** The job that its completion starts, but for the input. */
  start?: Omit<SubmitRequest, 'input' | 'team' | 'key' | 'batch'>;
  createdAt: string;
  /** Until then it can be sent. */
  expiresAt: string;
  completedAt?: string;
  jobId?: string;
}

export interface UploadPlan {
  /** What the store calls this sending. */
  session: string;
  /** Of every part but the last, which has the rest. */
  partBytes: number;
  count: number;
}
