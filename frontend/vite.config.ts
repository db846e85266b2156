/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { matches } from './chunks'
import { stubUnused } from './stubUnused'

// Which module goes into which file. `base` is what the islands need, `app` what the first page
// adds; `forms` is shared by the pages with forms; everything else stays with the page that needs it.
const base =
  /node_modules\/(vue|@vue\/.*)\/|src\/(i18n\/(t|en)|lib\/(cookies|text|number|marks|markQueue|drafts|uniqueKey)|api\/camelCase|composables\/(useStored|useAnnouncer|useListener|useDraft))\.ts|(AppIcon|LiveRegion|MarkButton)\.vue/
const forms =
  /(TextField|PasswordField|FormCard|ChoiceGroup|AccountCard|CheckMail|MailDirectory|ErrorSummary|StatusScreen|BackLink)\.vue|(useAction|useCountdown|enDeferred|i18n\/deferred|api\/account|useLoginRedirect|lib\/safeRedirect)\.ts/
const later =
  /de\.ts|graphql|documents|gen\/|restFunctions|Dialog\.vue|Composer(Image|Progress|Tools|Count)|MentionList|usePeople|lib\/(mention|imageFile)\.ts|NewPostTools|EditConflict|use(Composer|ImageInput|Starter)|api\/retry|deviceName\.ts|PostMenu|components\/(settings|conversation|notifications)|pages\/(?!TimelinePage)|useVisible|queries\/(post|account|conversation|notifications|look)\.ts|islands|\.css|\.svg/

// The patterns are about paths from here.
const here = fileURLToPath(new URL('.', import.meta.url))

// Three entries and no index.html: Django renders every page and asks the manifest for names.
export default defineConfig(({ command }) => ({
  base: '/static/',
  plugins: [vue(), tailwindcss(), stubUnused],
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
        'src/islands/main.ts',
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
            {
              name: 'app',
              test: (id) => !matches(here, later)(id) && !matches(here, forms)(id),
              priority: 2,
            },
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
