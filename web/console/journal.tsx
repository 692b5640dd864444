import { useState, type ReactElement, type ReactNode } from 'react';
import { Problem, send } from '../lib/api.js';
import type { components } from '../lib/api.gen.js';
import { DeedForm, Field, Table } from './pieces.js';

type Filed = components['schemas']['FiledFateDto'];
type Imported = components['schemas']['JournalImportedDto'];
type JournalFile = components['schemas']['JournalFileDto'];

const FATES: Readonly<Record<Filed['fate'], string>> = { booked: '新记账', known: '先前已收到', refused: '按规定不记账', open: '没有处理' };

/** The file as the till wrote it. @throws Problem for anything that is no such file */
async function fileOf(fields: FormData): Promise<JournalFile> {
  const file = fields.get('file');
  const read: unknown = file instanceof File ? await file.text().then((text) => JSON.parse(text) as unknown).catch(() => null) : null;
  if (typeof read !== 'object' || read === null) throw new Problem(400, 'no-file', '这不是收银机导出的文件，请选“收银台未上传记录.json”。');
  // Whether it is one, the service sees.
  return read as JournalFile;
}

function cellsOf({ number, kind, fate, sentence }: Filed): readonly ReactNode[] {
  return [number ?? '？', kind === 'void' ? '撤销' : '用餐', fate === 'open' ? <span key="fate" className="worry">{FATES.open}</span> : FATES[fate], sentence ?? ''];
}

/** Takes in what a till could not send: each entry's fate, one by one. */
export function JournalPage(): ReactElement {
  const [imported, show] = useState<Imported | null>(null);
  const run = async (id: string, fields: FormData): Promise<string> => {
    const answer = await send('post', '/v1/till/journals', { body: { id, file: await fileOf(fields) } });
    show(answer);
    return answer.sentence;
  };
  return (
    <>
      <h1>导入收银机流水</h1>
      <p className="hint">收银机坏了、停用了或一直连不上时，用它导出的加密文件补录。只认这台收银机自己签过名的流水；重复导入不会重复记账；导入的一律人工核。</p>
      <DeedForm does="导入" run={run}>
        <Field label="收银机导出的文件" name="file" type="file" />
      </DeedForm>
      {imported === null ? null : (
        <Table title={`${imported.label}的流水`} rows={imported.entries} keyOf={(row) => `${row.number} ${row.id}`} none="文件里没有流水。" head={['流水号', '类别', '去向', '说明']}
          cells={cellsOf} />
      )}
    </>
  );
}
