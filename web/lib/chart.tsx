import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, type ReactElement } from 'react';

/** Below this width a chart is drawn for a phone. */
const NARROW = 560;

interface ChartProps {
  /** What the picture shows, in a sentence, for those who do not see it; the figures follow in a table. */
  readonly label: string;
  /** Height in pixels. */
  readonly height: number;
  /** Makes the picture for a width: few labels where it is narrow. */
  readonly draw: (narrow: boolean) => EChartsCoreOption;
}

/** A picture of figures that grows with its box and keeps still for people who asked for that. */
export function Chart({ label, height, draw }: ChartProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let stop: () => void = () => undefined;
    let gone = false;
    void import('./echarts.js').then(({ init }) => {
      if (!gone) stop = drawInto(element, init(element, undefined, { renderer: 'svg' }), height, draw);
    });
    return () => {
      gone = true;
      stop();
    };
  }, [draw, height]);
  return <div className="chart" ref={box} role="img" aria-label={label} style={{ height }} />;
}

/** Draws now and whenever the box changes its width; only a change between narrow and wide draws anew. */
function drawInto(element: HTMLElement, chart: EChartsType, height: number, draw: ChartProps['draw']): () => void {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let narrow: boolean | undefined;
  const fit = new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 0;
    if (width === 0) return;
    chart.resize({ width, height });
    if ((width < NARROW) === narrow) return;
    narrow = width < NARROW;
    chart.setOption({ animation: !still, animationDuration: 700, textStyle: { fontFamily: getComputedStyle(element).fontFamily }, ...draw(narrow) }, { notMerge: true });
    element.dataset['drawn'] = 'yes';
  });
  fit.observe(element);
  return () => {
    fit.disconnect();
    chart.dispose();
  };
}
