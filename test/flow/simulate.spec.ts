import { ServiceProcess, stopProcesses } from '../support/processes.js';

afterAll(stopProcesses);

describe('a simulated month', () => {
  it('is green as the product is, and red with each planted defect', async () => {
    const simulation = ServiceProcess.start('cli simulate --prove --seed 1 --json');
    const { code } = await simulation.end(280_000);
    const verdict = JSON.parse(simulation.out.trim().split('\n').at(-1) ?? '{}') as { plants: Record<string, { lost: number; doubled: number; violations: number }> };
    expect({ code, err: code === 0 ? '' : simulation.err }).toEqual({ code: 0, err: '' });
    expect(verdict).toMatchObject({ proven: true, plants: { none: { lost: 0, doubled: 0, violations: 0 } } });
    expect(verdict.plants['no-idempotency']?.doubled).toBeGreaterThan(0);
    expect(verdict.plants['skip-lock']?.violations).toBeGreaterThan(0);
    expect(verdict.plants['one-sided']?.violations).toBeGreaterThan(0);
  }, 300_000);
});
