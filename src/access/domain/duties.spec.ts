import { decideDuty, dutyOf } from './duties.js';

const ADMINISTRATORS = ['systemAdministrator', 'securityAdministrator', 'auditAdministrator'];

describe('duties', () => {
  it('keeps the three administrators apart from each other', () => {
    for (const one of ADMINISTRATORS) {
      for (const other of ADMINISTRATORS) {
        const decision = decideDuty([one, other], false);
        expect(decision.ok).toBe(one === other);
      }
    }
  });

  it.each(['cashier', 'canteenManager', 'townshipOfficer', 'countyOfficer', 'cityOfficer', 'financeReviewer', 'financeApprover', 'auditor'])(
    'keeps every administrator from working as %s',
    (role) => {
      for (const administrator of ADMINISTRATORS) {
        expect(decideDuty([administrator, role], role === 'cashier' || role === 'canteenManager')).toEqual({ ok: false, code: 'administrators-apart' });
      }
    },
  );

  it('lets ordinary roles stand together', () => {
    expect(decideDuty(['countyOfficer', 'communityWorker'], false)).toEqual({ ok: true, duty: 'work' });
    expect(decideDuty(['cashier', 'canteenManager'], true)).toEqual({ ok: true, duty: 'work' });
  });

  it('asks for a site exactly where the work is at one', () => {
    expect(decideDuty(['cashier'], false)).toEqual({ ok: false, code: 'site-needed' });
    expect(decideDuty(['countyOfficer'], true)).toEqual({ ok: false, code: 'site-not-wanted' });
    expect(decideDuty(['cashier', 'countyOfficer'], true)).toEqual({ ok: false, code: 'site-not-wanted' });
  });

  it('names the duty of each administrator', () => {
    expect(ADMINISTRATORS.map(dutyOf)).toEqual(['system', 'security', 'audit']);
  });
});
