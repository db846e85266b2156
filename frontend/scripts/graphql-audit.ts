/** Checks a GraphQL server against GraphQL over HTTP, and prints each result that differs as
 * JSON: `node scripts/graphql-audit.ts http://127.0.0.1:8000/graphql/`. The audits are those of
 * https://github.com/graphql/graphql-http; "error" means MUST, "warn" SHOULD, "notice" MAY. */
import { auditServer } from 'graphql-http'

const [url = 'http://127.0.0.1:8000/graphql/'] = process.argv.slice(2)
const results = await auditServer({ url })
console.log(JSON.stringify(results.map((result) => ({ ...result, response: undefined }))))
