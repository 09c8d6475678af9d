# Makes Markdown tables of the measurements: kind, row, server, round, then name=value. Wants servers="a,b,c".
# A ratio is taken within a round, then its median, least and most over the rounds.

BEGIN {
  FS = "\t"
  count = split(servers, server, ",")
  baseline = "coturn"
}

{
  if (!(($1, $2) in seen)) {
    seen[$1, $2] = 1
    rows[$1, ++row_count[$1]] = $2
  }
  rounds = $4 > rounds ? $4 : rounds
  pairs = split($5, pair, " ")
  for (i = 1; i <= pairs; i++) {
    at = index(pair[i], "=")
    value[$1, $2, $3, $4, substr(pair[i], 1, at - 1)] = substr(pair[i], at + 1) + 0
  }
}

function sort(list, n,    i, j, held) {
  for (i = 2; i <= n; i++) {
    held = list[i]
    for (j = i - 1; j >= 1 && list[j] > held; j--) list[j + 1] = list[j]
    list[j + 1] = held
  }
}

function median(list, n) { return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2 }

# The values of one cell over the rounds, sorted, in `cell`; returns how many.
function collect(kind, row, who, name,    r, n) {
  split("", cell)
  for (r = 1; r <= rounds; r++)
    if ((kind, row, who, r, name) in value) cell[++n] = value[kind, row, who, r, name]
  sort(cell, n)
  return n + 0
}

function middle(kind, row, who, name,    n) {
  n = collect(kind, row, who, name)
  return n ? median(cell, n) : "none"
}

# The ratios against the baseline, sorted, in `cell`; returns how many.
function ratios(kind, row, who, name,    r, n) {
  split("", cell)
  for (r = 1; r <= rounds; r++)
    if (((kind, row, who, r, name) in value) && ((kind, row, baseline, r, name) in value))
      cell[++n] = value[kind, row, who, r, name] / value[kind, row, baseline, r, name]
  sort(cell, n)
  return n + 0
}

function ratio_text(kind, row, who, name,    n) {
  n = ratios(kind, row, who, name)
  if (!n) return ""
  all[who, ++all_count[who]] = median(cell, n)
  return n == 1 ? sprintf("%.2f", cell[1]) : sprintf("%.2f (%.2f-%.2f)", median(cell, n), cell[1], cell[n])
}

function head(first, columns,    i, parts, n, rule) {
  n = split(columns, parts, "|")
  printf "| %s |", first
  rule = "| --- |"
  for (i = 1; i <= n; i++) {
    printf " %s |", parts[i]
    rule = rule " ---: |"
  }
  printf "\n%s\n", rule
}

# A table of one measure: each server's median, and its ratio to the baseline.
function table(kind, title, name, format,    i, j, columns, m, list, n) {
  if (!row_count[kind]) return
  printf "\n### %s\n\n", title
  columns = ""
  for (j = 1; j <= count; j++)
    columns = columns (j > 1 ? "|" : "") server[j] (server[j] == baseline ? "" : "|of " baseline)
  head("", columns)
  split("", all_count)
  for (i = 1; i <= row_count[kind]; i++) {
    printf "| %s |", rows[kind, i]
    for (j = 1; j <= count; j++) {
      m = middle(kind, rows[kind, i], server[j], name)
      printf " %s |", (m == "none" ? "" : sprintf(format, m))
      if (server[j] != baseline) printf " %s |", ratio_text(kind, rows[kind, i], server[j], name)
    }
    printf "\n"
  }
  if (row_count[kind] < 2) return
  printf "| **all rows: median (least-most)** |"
  for (j = 1; j <= count; j++) {
    printf " |"
    if (server[j] == baseline) continue
    n = all_count[server[j]]
    split("", list)
    for (i = 1; i <= n; i++) list[i] = all[server[j], i]
    sort(list, n)
    printf " %s |", n ? sprintf("**%.2f (%.2f-%.2f)**", median(list, n), list[1], list[n]) : ""
  }
  printf "\n"
}

# The part of the packets due that the load had the time to send, at worst: a busy machine may keep it from its core.
function kept_up(row, who,    r, part, worst) {
  worst = 1
  for (r = 1; r <= rounds; r++) {
    if (!(("fixed", row, who, r, "sent") in value)) continue
    part = value["fixed", row, who, r, "sent"] / (value["fixed", row, who, r, "sent"] + value["fixed", row, who, r, "late"])
    if (part < worst) worst = part
  }
  return worst
}

# Latency and loss beside each other, where a ratio says little.
function quality(kind, title, with_latency,    i, j, columns, row, who, n, offered) {
  if (!row_count[kind]) return
  printf "\n### %s\n\n", title
  for (j = 1; j <= count; j++) columns = columns (j > 1 ? "|" : "") server[j]
  head("", columns)
  for (i = 1; i <= row_count[kind]; i++) {
    row = rows[kind, i]
    printf "| %s |", row
    for (j = 1; j <= count; j++) {
      who = server[j]
      if (middle(kind, row, who, "loss") == "none") {
        printf " |"
        continue
      }
      if (with_latency) printf " %.0f / %.0f,", middle(kind, row, who, "p50"), middle(kind, row, who, "p99")
      printf " %.3g%%", 100 * middle(kind, row, who, "loss")
      n = collect(kind, row, who, "wrong")
      if (n && cell[n] > 0) printf ", **%d wrong**", cell[n]
      if (with_latency && (offered = kept_up(row, who)) < 0.95) printf ", load %.0f%%", 100 * offered
      printf " |"
    }
    printf "\n"
  }
}

# The median over all rows of the ratio to the baseline.
function overall(who, name, first, second,    i, k, kind, list, m, n) {
  split("", list)
  for (k = 1; k <= 2; k++) {
    kind = k == 1 ? first : second
    for (i = 1; i <= row_count[kind]; i++) {
      m = ratios(kind, rows[kind, i], who, name)
      if (m) list[++n] = median(cell, m)
    }
  }
  sort(list, n)
  return n ? sprintf("%.2f (%.2f-%.2f)", median(list, n), list[1], list[n]) : ""
}

function worst_loss(who, first, second,    i, k, kind, loss, worst) {
  for (k = 1; k <= 2; k++) {
    kind = k == 1 ? first : second
    for (i = 1; i <= row_count[kind]; i++) {
      loss = middle(kind, rows[kind, i], who, "loss")
      if (loss != "none" && loss > worst) worst = loss
    }
  }
  return sprintf("%.3g%%", 100 * worst)
}

# What was aimed at, beside what came out.
function targets(    j, who, engine, aim) {
  aim["io_uring"] = 0.65; aim["mmsg"] = 0.80; aim["nio"] = 0.90
  printf "\n### In short: ratio to %s, median of all rows above (least-most)\n\n", baseline
  head("", "CPU per packet|target|packets per core, saturated|target|allocate and release|target|bytes per allocation|target|worst loss")
  for (j = 1; j <= count; j++) {
    who = server[j]
    if (who == baseline) continue
    engine = who
    sub(/^kith /, "", engine)
    printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", who, overall(who, "cpu_us", "fixed", "saturated"),
      engine in aim ? sprintf("%.2f", aim[engine]) : "", overall(who, "per_core", "saturated"), who ~ /^kith/ ? "1.3" : "",
      overall(who, "cpu_us", "cycle"), who ~ /^kith/ ? "0.8" : "",
      who ~ /^kith/ && row_count["memory"] ? sprintf("%.0f", middle("memory", rows["memory", 1], who, "live")) : "",
      who ~ /^kith/ ? "5,120" : "", worst_loss(who, "fixed", "saturated")
  }
}

END {
  table("fixed", "CPU per relayed packet at a fixed rate, microseconds", "cpu_us", "%.2f")
  quality("fixed", "Added latency p50 / p99 in microseconds, and loss, at a fixed rate", 1)
  table("saturated", "Packets per second of one core's time, saturated", "per_core", "%.0f")
  table("saturated", "CPU per relayed packet, saturated, microseconds", "cpu_us", "%.2f")
  quality("saturated", "Loss, saturated", 0)
  table("uclient", "CPU per relayed packet under turnutils_uclient, microseconds", "cpu_us", "%.2f")
  table("uclient", "Packets of turnutils_uclient relayed", "packets", "%.0f")
  quality("uclient", "Loss under turnutils_uclient", 0)
  table("cycle", "CPU per allocation given and taken back, microseconds", "cpu_us", "%.1f")
  table("memory", "Private memory per allocation, bytes (growth of the process)", "private", "%.0f")
  if (row_count["memory"]) {
    printf "\nLive memory of Kith's server per allocation (heap after a collection, and outside of it):"
    for (j = 1; j <= count; j++)
      if (server[j] ~ /^kith/) printf " %s %.0f bytes;", server[j], middle("memory", rows["memory", 1], server[j], "live")
    printf " whole process:"
    for (j = 1; j <= count; j++)
      if (server[j] != "limit") printf "%s %s %.1f MB", (j > 1 ? "," : ""), server[j], middle("memory", rows["memory", 1], server[j], "whole") / 1024
    printf ".\n"
  }
  if (row_count["fixed"] || row_count["saturated"]) targets()
}
