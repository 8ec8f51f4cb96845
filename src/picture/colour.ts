/** Colours of files: files of one directory share a hue, and differ in lightness so that they are distinct in grey, too. */

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The background. */
export type Theme = 'light' | 'dark';

/** hues of the first directories, degrees; the largest directory has the first */
const HUES = [250, 155, 55, 320, 205, 95, 20, 285, 180, 350];
const GOLDEN_ANGLE = 137.508;
/** steps of lightness: files that were made one after another always differ */
const STEPS = [0, 0.5, 0.2, 0.8, 0.35, 1, 0.1, 0.65];
const LIGHTNESS: Readonly<Record<Theme, readonly [from: number, to: number]>> = {
  light: [0.5, 0.76],
  dark: [0.52, 0.8],
};

/** The colour of the `file`th file, in the `directory`th directory by size. `grey` leaves out hue. */
export function fileColour(directory: number, file: number, theme: Theme, grey = false): Rgb {
  const [from, to] = LIGHTNESS[theme];
  const lightness = from + (to - from) * (STEPS[file % STEPS.length] as number);
  const hue = HUES[directory] ?? directory * GOLDEN_ANGLE;
  return oklch(lightness, grey ? 0 : 0.115, hue % 360);
}

/**
 * The sRGB value of a colour in OKLCH, clipped to the gamut (Björn Ottosson, "A perceptual color space for image processing",
 * 2020).
 */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function channel(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(Math.max(value, 0), 1) * 255);
}
