/** A control group with the limits of a small container, version 1 or 2 of the kernel's interface. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';
const periodMicros = 100_000;

/** A group that processes can be started in. */
export interface Quota {
  /** Arguments to put before a command so that it runs inside. */
  readonly prefix: readonly string[];
  /** How often the group was stopped for the rest of a period because its time was used up. */
  readonly throttledPeriods: () => number;
  /** Removes the group; every process in it must have ended. */
  readonly remove: () => void;
}

/** Makes a group; returns why it cannot be made where this machine does not allow it. */
export function quota(limits: { readonly cpus: number; readonly mebibytes: number }): Quota | string {
  const name = `copilot-sentinel-bench-${process.pid}`;
  const bytes = limits.mebibytes * 1024 * 1024;
  const micros = limits.cpus * periodMicros;
  const isV2 = existsSync(join(root, 'cgroup.controllers'));
  const folders = isV2 ? [join(root, name)] : [join(root, 'cpu', name), join(root, 'memory', name)];
  const [cpu = '', memory = cpu] = folders;
  try {
    for (const folder of folders) mkdirSync(folder);
    if (isV2) {
      writeFileSync(join(cpu, 'cpu.max'), `${micros} ${periodMicros}`);
      writeFileSync(join(memory, 'memory.max'), String(bytes));
    } else {
      writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(periodMicros));
      writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(micros));
      writeFileSync(join(memory, 'memory.limit_in_bytes'), String(bytes));
    }
  } catch (error) {
    return `no control group can be made here: ${error instanceof Error ? error.message : String(error)}`;
  }
  const enter = folders.map((folder) => `echo $$ > ${folder}/cgroup.procs`).join(' && ');
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return {
    prefix: ['sh', '-c', `${enter} && exec "$0" "$@"`],
    throttledPeriods: () => Number(/nr_throttled (\d+)/.exec(read(join(cpu, 'cpu.stat')))?.[1] ?? Number.NaN),
    remove: () => {
      for (const folder of folders) rmdirSync(folder);
    },
  };
}
