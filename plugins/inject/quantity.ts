/** Quantities of Kubernetes in the one form in which they are written: `0.5` is `500m`, `1024Mi` is `1Gi`. */

const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalSuffixes: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const quantityPattern =
  /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,3})?$/;

/** Quantities are counted in billionths; finer ones are rounded up. */
const nanosPerUnit = 10n ** 9n;

/** The canonical form; nothing for what is no quantity. */
export function canonicalQuantity(text: string): string | undefined {
  const [, sign, number, suffix = ""] = quantityPattern.exec(text) ?? [];
  if (number === undefined) return undefined;
  const [whole = "", fraction = ""] = number.split(".");
  const digits = BigInt(whole + fraction);
  const binaryPower = binarySuffixes.indexOf(suffix);
  const isBinary = binaryPower > 0;
  const isExponent = /^[eE][+-]?\d/.test(suffix);

  const power = isBinary ? 0 : isExponent ? Number(suffix.slice(1)) : decimalSuffixes[suffix] ?? 0;
  const scaled = digits * nanosPerUnit * (isBinary ? 1024n ** BigInt(binaryPower) : 1n);
  const nanos = power >= fraction.length
    ? scaled * 10n ** BigInt(power - fraction.length)
    : divideUp(scaled, 10n ** BigInt(fraction.length - power));
  if (nanos === 0n) return "0";
  const minus = sign === "-" ? "-" : "";
  if (isBinary && nanos >= 1024n * nanosPerUnit) return minus + binaryForm(nanos);
  return minus + decimalForm(nanos, isExponent);
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

function binaryForm(nanos: bigint): string {
  let amount = divideUp(nanos, nanosPerUnit);
  let power = 0;
  while (amount % 1024n === 0n && power < binarySuffixes.length - 1) {
    amount /= 1024n;
    power++;
  }
  return `${amount}${binarySuffixes[power]}`;
}

/** The largest power of a thousand that leaves a whole number. */
function decimalForm(nanos: bigint, isExponent: boolean): string {
  let amount = nanos;
  let power = -9;
  while (amount % 1000n === 0n && power < 18) {
    amount /= 1000n;
    power += 3;
  }
  if (isExponent) return power === 0 ? String(amount) : `${amount}e${power}`;
  const suffix = Object.keys(decimalSuffixes).find((name) => decimalSuffixes[name] === power);
  return `${amount}${suffix ?? ""}`;
}
