import { codeAt, pathOf, type DocumentRef, type Funder } from './domain/index.js';
import type { Assumable, SourceDocument, SourcePack, SourceVersion } from './pack-source.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

/** What every part of a version is compiled with: the pack it belongs to and the file that errors point into. */
export class CompileContext {
  readonly funders: readonly Funder[];

  constructor(readonly pack: SourcePack, readonly source: YamlFile<SourceVersion>) {
    this.funders = fundersOf(pack);
  }

  /** @throws PackError with the line of a path inside the version file */
  complain(at: YamlPath, message: string): never {
    return this.source.complain(at, message);
  }

  /** Division codes, the word `pack` replaced by the pack's own. */
  codes(codes: readonly string[]): string[] {
    return codes.map((code) => (code === 'pack' ? this.pack.division : code));
  }

  /** @throws PackError when pack.yaml does not list the document */
  document(id: string, at: YamlPath): DocumentRef {
    const found = this.pack.documents.find((document) => document.id === id);
    if (found === undefined) return this.complain(at, `文件“${id}”没有在 pack.yaml 的 documents 中列出，请补上或更正`);
    return documentRef(found);
  }

  /** Hundredths of a percent. */
  basisPoints(percent: number, at: YamlPath): number {
    const basisPoints = Math.round(percent * 100);
    if (Math.abs(percent * 100 - basisPoints) > 1e-6) this.complain(at, '比例最多两位小数，请更正；除不尽的写 fraction，例如 fraction: 1/3');
    return basisPoints;
  }

  /** Refuses the second of two entries with one id. */
  unique(ids: readonly string[], at: YamlPath, what: string): void {
    const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (twice >= 0) this.complain([...at, twice, 'id'], `${what}“${ids[twice] ?? ''}”重复，请改名`);
  }
}

/** What an assumed figure says of itself. */
export function notesOf(source: Assumable | undefined): string[] {
  return source?.assumed === true && source.note !== undefined ? [source.note] : [];
}

/** A paper as the engine carries it. */
export function documentRef(source: SourceDocument): DocumentRef {
  const { id, title, number, date, issuer, url, sha256 } = source;
  return { id, title, number, date, issuer, url, sha256: sha256 ?? null };
}

function fundersOf(pack: SourcePack): Funder[] {
  const path = pathOf(pack.division);
  return pack.funders.map(({ code, name, short, level, of }) => ({ code, name, short, level, of, division: of === 'pack' ? codeAt(path, level) : null }));
}
