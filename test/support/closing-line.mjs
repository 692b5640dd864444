/** Ends a run with one plain line, and makes CI fail when a suite or test was skipped: there nothing may be missing. */
export default class ClosingLine {
  onRunComplete(_, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    this.incomplete = process.env.CI === 'true' && (skipped > 0 || results.numPendingTestSuites > 0);
    process.stdout.write(`\n${results.numPassedTests} passed, ${results.numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }

  getLastError() {
    return this.incomplete ? new Error('tests were skipped: CI must run every one of them') : undefined;
  }
}
