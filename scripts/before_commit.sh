#!/usr/bin/env bash
# The quick checks of what is about to be committed. As a git hook without any other tool:
#   ln -s ../../scripts/before_commit.sh .git/hooks/pre-commit
set -euo pipefail
ROOT=$(git rev-parse --show-toplevel)
cd "$ROOT"
BIN=$ROOT/.venv/bin
BIG_KB=1024 # a file above this wants a reason, and `git commit --no-verify`
SECRET='(SECRET_KEY|PASSWORD|password|DATABASE_URL)[[:space:]]*=[[:space:]]*["'\'']?[A-Za-z0-9+/]{24,}|BEGIN [A-Z ]*PRIVATE KEY'

staged=()
while IFS= read -r -d '' path; do staged+=("$path"); done < <(git diff --cached --name-only --diff-filter=ACM -z)
[ ${#staged[@]} -gt 0 ] || exit 0

fail() { printf 'Not committed: %s\n' "$*" >&2 && exit 1; }

python_files=()
for path in "${staged[@]}"; do
    size_kb=$(($(git cat-file -s ":$path") / 1024))
    [ "$size_kb" -le "$BIG_KB" ] || fail "$path has $size_kb kB, more than $BIG_KB."
    [[ $path != */migrations/*_auto_* ]] || fail "$path needs a telling name."
    [[ $path != *.py ]] || python_files+=("$path")
done
if git diff --cached -U0 -- . ':!*.lock' | grep -nE "^\+.*($SECRET)"; then fail "the line above looks like a secret."; fi

if [ ${#python_files[@]} -gt 0 ]; then
    "$BIN/ruff" format --check -q "${python_files[@]}" || fail "run .venv/bin/ruff format on the files above."
    "$BIN/ruff" check -q "${python_files[@]}" || fail "ruff stands above."
    "$BIN/lint-imports" --no-logo --no-cache >/dev/null || fail "an import points up; see .venv/bin/lint-imports."
    "$BIN/mypy" geomath hazards/compliance || fail "the types of pure code do not fit."
fi
