/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { matches, neededBy } from './chunks'
import { shakeUtilities, stubUnused } from './stubUnused'

// Which module goes into which file. `base` is what the islands need, `app` what the first page adds:
// all that its entry imports, but what it imports by `import()`. `forms` is shared by the pages with
// forms; everything else stays with the page that needs it.
const base =
  /node_modules\/(vue|@vue\/.*)\/|src\/(i18n\/(t|en)|lib\/(cookies|text|number|marks|markQueue|drafts|uniqueKey)|api\/camelCase|composables\/(useStored|useAnnouncer|useListener|useDraft))\.ts|(AppIcon|LiveRegion|MarkButton)\.vue/
const forms =
  /(TextField|PasswordField|FormCard|ChoiceGroup|AccountCard|CheckMail|NoMails|ErrorSummary|StatusScreen|BackLink|PageBar)\.vue|(useAction|useCountdown|enDeferred|i18n\/deferred|api\/account|useLoginRedirect|lib\/safeRedirect)\.ts/

// The patterns are about paths from here.
const here = fileURLToPath(new URL('.', import.meta.url))

// Some entries and no index.html: Django renders every page and asks the manifest for names.
export default defineConfig(({ command }) => ({
  base: '/static/',
  plugins: [vue(), tailwindcss(), stubUnused, shakeUtilities],
  define: {
    __VUE_OPTIONS_API__: 'false',
    ...(command === 'build' && { 'process.env.NODE_ENV': '"production"' }),
  },
  server: { port: 9310, strictPort: true, cors: false },
  build: {
    outDir: 'dist',
    manifest: 'manifest.json',
    target: 'baseline-widely-available',
    // The icon sprite is shared with the template pages, so it must stay a file with an address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [
        'src/styles/site.css',
        'src/styles/compare.css',
        'src/islands/main.ts',
        'src/islands/compare.ts',
        'src/islands/copy.ts',
        'src/spa/main.ts',
        'src/assets/icons.svg',
      ],
      output: {
        codeSplitting: {
          groups: [
            // The only thing that the islands share with the app before one comes near.
            { name: 'load', test: /preload-helper/, priority: 4 },
            { name: 'base', test: matches(here, base), priority: 3 },
            { name: 'forms', test: matches(here, forms), priority: 1 },
            // In one file, since django-vite preloads what a page imports, and not what that imports.
            {
              name: 'mutes',
              test: matches(here, /src\/queries\/mute(s|Actions)\.ts/),
              priority: 1,
            },
            { name: neededBy(`${here}src/spa/main.ts`, 'app'), priority: 2 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000, // as long as `eventually` waits, and longer
  },
}))
