/** The completion script for fish 3 and later. */

/**
 * The script (spec/cli.md, 8).
 *
 * @param request `__complete`, or `__completeNoDesc` for candidates without descriptions.
 */
export function fishScript(request: string): string {
  return script.replaceAll("@REQUEST@", request);
}

const script = `\
# Completion of talosctl for fish.

# Asks what the current word could be. Succeeds, with the answer in __talosctl_candidates, unless
# files are to be completed.
function __talosctl_ask
    set -g __talosctl_candidates
    set -g __talosctl_keeps_order 0
    set -l words (commandline -opc)
    set -l current (commandline -ct | string trim -l -c '"\\'')
    set -l program $words[1]
    set -e words[1]
    set words (string replace -r '^~/' "$HOME/" -- $words)

    # Of --flag=value the value is completed, but fish replaces the whole word.
    set -l prefix
    string match -q -- '-*=*' "$current"; and set prefix (string replace -r '=.*' '=' -- "$current")

    set -l arguments
    test (count $words) -gt 0; and set arguments (string escape -- $words)
    set -a arguments (string escape -- "$current")
    set -l answer (eval $program @REQUEST@ $arguments 2>/dev/null)
    string match -q -r '^:[0-9]+$' -- "$answer[-1]"; or return 1
    set -l directive (string sub -s 2 -- $answer[-1])
    set -e answer[-1]
    set -l bits
    for bit in 1 2 4 8 16 32
        set -a bits (math "floor($directive / $bit) % 2")
    end

    set -g __talosctl_keeps_order $bits[6]
    if test $bits[1] = 1
        return 0
    else if test $bits[4] = 1
        return 1
    else if test $bits[5] = 1
        set __talosctl_candidates (__fish_complete_directories "$current" '')
        return 0
    end

    set -l matches
    for candidate in $answer
        set -l full "$prefix$candidate"
        set -a __talosctl_candidates $full
        test (string sub -l (string length -- "$current") -- "$full") = "$current"; and set -a matches $full
    end
    # fish puts no blank behind a word while a longer one is left to choose.
    if test $bits[2] = 1 -a (count $matches) -eq 1
        set -a __talosctl_candidates (string split -m 1 \\t -- $matches[1])[1].
    end
    test $bits[3] = 1 -o (count $matches) -gt 0
end

# Both conditions below are tried for a line; only the first of them asks.
function __talosctl_has_candidates
    set -l line (commandline -pc)
    if test "$__talosctl_line" = "$line"
        set -e __talosctl_line
        return $__talosctl_status
    end
    set -g __talosctl_line "$line"
    __talosctl_ask
    set -g __talosctl_status $status
    return $__talosctl_status
end

function __talosctl_has_ordered
    __talosctl_has_candidates; and test "$__talosctl_keeps_order" = 1
end

function __talosctl_has_unordered
    __talosctl_has_candidates; and test "$__talosctl_keeps_order" = 0
end

complete -c talosctl -e
complete -c talosctl -n __talosctl_has_unordered -f -a '$__talosctl_candidates'
complete -c talosctl -n __talosctl_has_ordered -f -k -a '$__talosctl_candidates'
`;
