// The audit suite of GraphQL over HTTP: every MUST and every SHOULD. A MAY is told and not asked for.
import { serverAudits } from 'graphql-http';

export function audits(url) {
  return serverAudits({ url }).map((audit) => [
    `GraphQL over HTTP ${audit.id}: ${audit.name}`,
    async () => {
      const result = await audit.fn();
      if (result.status !== 'ok' && !audit.name.startsWith('MAY')) {
        const body = await result.response?.text().catch(() => '(read already)');
        throw new Error(`${result.reason}: ${result.response?.status} ${body}`);
      }
    },
  ]);
}
