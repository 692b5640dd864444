import type { Tx } from './tx.js';

/**
 * Names the history that a database tells, as 16 hexadecimal digits. It changes when a backup is restored or a standby
 * takes over, for then the last minutes before may be missing: a till that sees another epoch than before uploads its
 * journal of the last days again. Made of the cluster's identity, the timeline it writes, and the database in it.
 */
export async function readEpoch(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ epoch: string }>(
    `SELECT left(encode(sha256(convert_to(concat_ws('/', c.system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8), d.oid), 'UTF8')), 'hex'), 16) AS epoch
     FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()`, [], 'epoch');
  return row?.epoch ?? '';
}
