import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import ts from 'typescript-eslint'

const htmlSinks = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write']

export default ts.config(
  { ignores: ['dist/', 'src/api/gen/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] },
      globals: { ...globals.browser },
    },
    rules: {
      // The compiler knows every name; this rule only knows a list of globals.
      'no-undef': 'off',
      'no-console': 'error',
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/max-lines-per-block': ['error', { template: 100, script: 100, skipBlankLines: true }],
      'vue/no-static-inline-styles': 'error',
      'vue/html-button-has-type': 'error',
      // A text node in a template would escape translation.
      'vue/no-bare-strings-in-template': [
        'error',
        { allowlist: ['μblog', 'μ', 'blog', '@', '·', '/', 'ALT', '(', ')', '…', ',', '.', ':'] },
      ],
      'vue/one-component-per-file': 'off',
      // An optional prop without a default is undefined, and its type says so.
      'vue/require-default-prop': 'off',
      // Of a page that is a form: its first field.
      'vuejs-accessibility/no-autofocus': ['error', { ignoreNonDOM: true }],
      // Text of TextSegments.vue: what is in it.
      'vuejs-accessibility/anchor-has-content': ['error', { accessibleChildren: ['Text'] }],
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'no-restricted-properties': [
        'error',
        ...htmlSinks.map((property) => ({
          property,
          message: 'Text only: see C4 in SECURITY.md.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "Property[key.name='innerHTML']",
          message: 'Text only: see C4 in SECURITY.md.',
        },
      ],
    },
  },
  {
    files: ['src/components/**/*.vue', 'src/pages/**/*.vue'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['axios', '**/api/http*'], message: 'Components ask through queries/.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest'],
    },
  },
  {
    files: ['scripts/**', 'tests/mock/**', '*.config.*'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  prettier,
)
