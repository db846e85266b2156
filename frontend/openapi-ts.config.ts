import { defineConfig } from '@hey-api/openapi-ts'

// Types only: axios is set up by hand in src/api/http.ts.
export default defineConfig({
  input: '../docs/openapi.yaml',
  output: { path: 'src/api/gen/rest', clean: true },
  plugins: ['@hey-api/typescript'],
})
