/** All rows of a question as a file of the API. */

import { askFile } from '../shared/api';
import { save } from '../shared/csv';
import { Button, Popover } from '../shared/pieces';
import type { QuestionIn } from '../types';

export function ExportMenu({ site, question, file }: { site: string; question: QuestionIn; file: string }) {
  const get = async (format: 'csv' | 'parquet', bom = false) => {
    save(`${file}.${format}`, await askFile(`/v1/sites/${site}/query/export`, { ...question, limit: 10_000, format, ...(bom ? { bom } : {}) }));
  };
  return (
    <Popover id="export" look="button second short" opener="Export">
      <p>Every row, up to 10,000, with the numbers of the comparison.</p>
      <div class="actions">
        <Button onPress={() => get('csv')}>CSV</Button>
        <Button onPress={() => get('csv', true)}>CSV for Excel</Button>
        <Button onPress={() => get('parquet')}>Parquet</Button>
      </div>
    </Popover>
  );
}
