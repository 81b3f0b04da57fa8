/*
 * How Chromium is started, for the suites and for the page that tries the tarballs. WebGL is drawn in software
 * (SwiftShader), so that no graphics card is asked for; what would go to the network is turned off.
 */

/** Debian's Chromium, unless `CHROMIUM_PATH` names another. */
export const chromiumPath: string = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium'

export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]
