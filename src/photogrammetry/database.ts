import { DatabaseSync } from 'node:sqlite';

/** What COLMAP's database knows before anything is reconstructed: the reasons why a reconstruction may fail. */
export interface MatchFacts {
  pictures: number;
  /** Features of a picture, in the middle of all pictures. */
  medianFeatures: number;
  /** Pairs of pictures with enough matches that one motion of the camera explains. */
  verifiedPairs: number;
  /** Matches of a verified pair, in the middle of all. */
  medianInliers: number;
  /** Of the verified pairs, those that a turn of the camera or a flat scene explains as well: no depth is seen in them. */
  pairsWithoutParallax: number;
  /** Pictures that have a verified pair. */
  connectedPictures: number;
}

// The numbers of COLMAP's TwoViewGeometry::ConfigurationType for planar, panoramic, and one of the two.
const WITHOUT_PARALLAX = [4, 5, 6];
// COLMAP's pair ids: one picture's id times this, plus the other's (Database::kMaxNumImages).
const PAIR_BASE = 2_147_483_647n;

export function matchFacts(path: string): MatchFacts {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const features = numbers(database, 'SELECT rows AS n FROM keypoints ORDER BY rows');
    const pictures = numbers(database, 'SELECT count(*) AS n FROM images')[0]!;
    const statement = database.prepare('SELECT pair_id, rows, config FROM two_view_geometries WHERE rows > 0');
    statement.setReadBigInts(true);
    const pairs = statement.all() as { pair_id: bigint; rows: bigint; config: bigint }[];
    const connected = new Set(pairs.flatMap(({ pair_id: id }) => [id / PAIR_BASE, id % PAIR_BASE]));
    return {
      pictures,
      medianFeatures: median(features),
      verifiedPairs: pairs.length,
      medianInliers: median(pairs.map(({ rows }) => Number(rows)).sort((one, other) => one - other)),
      pairsWithoutParallax: pairs.filter(({ config }) => WITHOUT_PARALLAX.includes(Number(config))).length,
      connectedPictures: connected.size,
    };
  } finally {
    database.close();
  }
}

/**
 * Takes out what only matching needs: descriptors, 128 of about 150 bytes a feature. Mapping reads features and verified
 * matches alone.
 */
export function dropDescriptors(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('DELETE FROM descriptors; DELETE FROM matches; VACUUM;');
  } finally {
    database.close();
  }
}

/** Puts what was written lately into the file itself, so that it can be copied. */
export function closeDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  database.close();
}

function numbers(database: DatabaseSync, query: string): number[] {
  return (database.prepare(query).all() as { n: number }[]).map(({ n }) => n);
}

function median(sorted: number[]): number {
  return sorted[sorted.length >> 1] ?? 0;
}
