/**
 * Unpacks npm's Chromium into TMPDIR and prints where it is and what it needs. In a process of its own, since the
 * package reads TMPDIR and its library path from the environment when it is loaded, and Jest gives tests a copy of it.
 */
import { spawnSync } from 'node:child_process';

const libraries = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
// Where the system has no NSS, the package brings its own copy, but only when it believes to be in a Lambda.
if (!libraries.includes('libnss3.so')) process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
const { default: chromium } = await import('@sparticuz/chromium');
const path = await chromium.executablePath();
process.stdout.write(JSON.stringify({ path, libraryPath: process.env.LD_LIBRARY_PATH ?? null }));
