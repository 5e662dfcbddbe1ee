/** Floating-point numbers as Go prints them: the shortest form, and a fixed number of decimals. */

/** The words for what is not finite; JSON, YAML and tables differ in them. */
export interface SpecialNumbers {
  infinity: string;
  minusInfinity: string;
  notANumber: string;
}

const goSpecialNumbers = { infinity: "+Inf", minusInfinity: "-Inf", notANumber: "NaN" };

/**
 * The shortest digits that read back as the same number, with an exponent of at least two digits
 * below 1e-4 and from 1e6 on (spec/resources.md, 6.2): `274.55`, `1.2345675e+06`, `1e-06`.
 */
export function goFloat(value: number, special: SpecialNumbers = goSpecialNumbers): string {
  if (!Number.isFinite(value)) return specialNumber(value, special);
  if (Object.is(value, -0)) return "-0";

  const [digits = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * The number with `decimals` decimals, rounded half to even of its binary value (spec/machine-read.md,
 * 5): 100.005, which is a little less in binary, gives `100.00`, and 0.125 gives `0.12`.
 */
export function goFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return specialNumber(value, goSpecialNumbers);

  const scaled = value * 10 ** decimals;
  // Only a binary fraction of at most decimals + 1 bits can lie exactly between two results.
  const isTie = Number.isInteger(value * 2 ** (decimals + 1)) && Math.abs(scaled % 1) === 0.5;
  if (!isTie) return value.toFixed(decimals);
  const even = 2 * Math.round(scaled / 2);
  return (even / 10 ** decimals).toFixed(decimals);
}

function specialNumber(value: number, special: SpecialNumbers): string {
  if (Number.isNaN(value)) return special.notANumber;
  return value > 0 ? special.infinity : special.minusInfinity;
}
