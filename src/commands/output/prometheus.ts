/** Measurements in the text format of Prometheus (version 0.0.4). */

/** A kind of measurement. */
export interface MetricRow {
  /** snake case, with its unit at the end */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly SampleRow[];
}

export interface SampleRow {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The lines of the text format; all measurements are gauges. A metric without samples has none. */
export function* prometheusLines(metrics: readonly MetricRow[]): Generator<string> {
  for (const { name, help, samples } of metrics) {
    if (samples.length === 0) continue;
    yield `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`;
    yield `# TYPE ${name} gauge`;
    for (const { labels, value } of samples)
      yield `${name}${labelsText(labels)} ${Number.isFinite(value) ? value : '+Inf'}`;
  }
}

function labelsText(labels: SampleRow['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
