// The checks, done again at once where the way of adding up is known (signs: +1 found, -1 expected).
// States: ok, broken, later (its cells changed and only `apply` can tell).
const checks = tables.flatMap((table) => table.checks.map((record) => {
  const members = record.cells.map(([row, col]) => cellAt(table, row, col)).filter(Boolean);
  const check = { ...record, table, members, wasOk: record.ok, state: record.ok ? "ok" : "broken", touched: false };
  if (members.length !== record.cells.length) check.signs = null;
  for (const item of new Set(members)) item.checks.push(check);
  return check;
}));

// A printed number as {units, decimals}, blank and dash as 0, null for anything else.
function numberIn(text) {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  if (["", "-", "--", "—", "——", "/"].includes(plain)) return { units: 0n, decimals: 0 };
  const match = /^([+-]?)(\d+)(?:\.(\d+))?%?$/.exec(plain);
  if (!match) return null;
  const decimals = (match[3] ?? "").length;
  const units = BigInt(match[2] + (match[3] ?? ""));
  return { units: match[1] === "-" ? -units : units, decimals };
}

function sumOf(numbers) {
  const decimals = Math.max(0, ...numbers.map((number) => number.decimals));
  const units = numbers.reduce((sum, number) => sum + number.units * 10n ** BigInt(decimals - number.decimals), 0n);
  return { units, decimals };
}

function printed({ units, decimals }) {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const text = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
  return (units < 0n ? "-" : "") + text;
}

function recheck(check) {
  check.touched = check.members.some(isChanged);
  if (!check.touched) {
    Object.assign(check, { state: check.wasOk ? "ok" : "broken", unreadable: false });
    [check.nowExpected, check.nowFound] = [check.expected, check.found];
    return;
  }
  if (!check.signs) { check.state = "later"; return; }
  const numbers = check.members.map((item) => numberIn(item.text));
  check.unreadable = numbers.includes(null);
  if (check.unreadable) { check.state = "broken"; return; }
  const found = sumOf(numbers.filter((_, place) => check.signs[place] > 0));
  const expected = sumOf(numbers.filter((_, place) => check.signs[place] < 0));
  check.nowFound = printed(found);
  check.nowExpected = printed(expected);
  const difference = sumOf([found, { units: -expected.units, decimals: expected.decimals }]);
  check.state = difference.units === 0n ? "ok" : "broken";
}
checks.forEach(recheck);
