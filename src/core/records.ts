/** A document that is kept beside the jobs: a batch, an upload, the delivery of a notification. */
export interface StoredRecord<Value> {
  id: string;
  team: string;
  value: Value;
  /** UTC, ISO 8601. */
  createdAt: string;
  /** From then on it is not there any more. */
  expiresAt?: string;
}

/** Documents by kind and id. Of several who change one at the same moment, each sees what the one before made of it. */
export interface Records {
  /** @returns false when a record of that kind and id is there already; it is then unchanged. */
  create<Value>(kind: string, record: NewRecord<Value>): Promise<boolean>;
  get<Value>(kind: string, id: string): Promise<StoredRecord<Value> | undefined>;
  /**
   * Replaces a record's value by what `change` makes of it. `change` may be called several times, each with a newer
   * value; it answers undefined to leave the record as it is.
   * @returns the record as it is after, or undefined when it is not there or was left.
   */
  update<Value>(
    kind: string,
    id: string,
    change: (value: Value) => Value | undefined,
    options?: { expiresAt?: string },
  ): Promise<StoredRecord<Value> | undefined>;
  /** A team's records of a kind, newest first, page by page. @throws InputError for a cursor that no page gave. */
  list<Value>(kind: string, query: RecordQuery): Promise<RecordPage<Value>>;
  /** @returns false when there was none. */
  remove(kind: string, id: string): Promise<boolean>;
}

export type NewRecord<Value> = Omit<StoredRecord<Value>, 'createdAt'>;

export interface RecordQuery {
  team: string;
  /** The `next` of the page before. */
  cursor?: string | undefined;
  limit: number;
}

export interface RecordPage<Value> {
  records: StoredRecord<Value>[];
  /** Where the next page begins; only there when at least one more record was there. */
  next?: string;
}
