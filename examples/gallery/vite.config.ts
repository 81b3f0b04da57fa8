import { defineConfig } from 'vite'

// With these a page may share memory between threads; without them the SIMD backend runs on one.
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  // The site works under any address: of a host, or of a folder on one.
  base: './',
  build: { outDir: 'dist-site', target: 'es2022', reportCompressedSize: false },
  worker: { format: 'es' },
  server: { headers: isolated },
  preview: { headers: isolated },
})
