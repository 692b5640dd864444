import type { ReactElement } from 'react';

interface DataTableProps {
  /** What the table holds; also the words that open it. */
  readonly title: string;
  readonly head: readonly string[];
  /** First cell of a row is its name; figures follow, already worded. */
  readonly rows: readonly (readonly string[])[];
}

/** The figures behind a picture, folded away until somebody wants them. */
export function DataTable({ title, head, rows }: DataTableProps): ReactElement {
  return (
    <details className="data">
      <summary>数据表：{title}</summary>
      <div className="data-scroll" role="group" aria-label={`${title}，可左右滚动`} tabIndex={0}>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>{head.map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map(([name = '', ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => <td key={head[index + 1] ?? index}>{cell}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
