import { gallery } from './shell/gallery.js'

gallery(document, window)
