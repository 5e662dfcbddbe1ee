/** The completion script for zsh: to be sourced, or put into a folder of `fpath`. */

/**
 * The script (spec/cli.md, 8).
 *
 * @param request `__complete`, or `__completeNoDesc` for candidates without descriptions.
 */
export function zshScript(request: string): string {
  return script.replaceAll("@REQUEST@", request);
}

const script = `\
#compdef talosctl
# Completion of talosctl for zsh.
compdef _talosctl talosctl

_talosctl() {
    local line word answer directive tab=$'\\t'
    local -a lines candidates options

    # The words as they are typed, so that quotes, variables and ~ mean what they will mean; but
    # completing never runs a command that stands in the line.
    line="\${words[1]} @REQUEST@"
    for word in "\${(@)words[2,CURRENT-1]}"; do
        if [[ -z $word || $word == *[\\;\\&\\|\\<\\>\\(\\)\\\`]* ]]; then
            line+=" \${(qq)word}"
        else
            line+=" $word"
        fi
    done
    line+=" \${(qq)\${PREFIX//\\\\/}}"

    answer=$(eval "$line" 2>/dev/null)
    lines=("\${(@f)answer}")
    [[ \${lines[-1]} == :<-> ]] || return 1
    directive=\${lines[-1]#:}
    shift -p lines
    (( directive & 1 )) && return 1

    # Of --flag=value the value is completed.
    [[ $PREFIX == -*=* ]] && compset -P 1 '*='

    if (( directive & 8 )); then
        _files -g "*.(\${(j:|:)\${(@)lines#.}})"
        return
    fi
    if (( directive & 16 )); then
        _files -/
        return
    fi

    for line in "\${(@)lines}"; do
        [[ -n $line ]] || continue
        word=\${line%%$tab*}
        word=\${word//:/\\\\:}
        if [[ $line == *$tab* ]]; then
            candidates+=("$word:\${line#*$tab}")
        else
            candidates+=("$word")
        fi
    done
    (( directive & 2 )) && options=(-S '')
    if (( \${#candidates} )); then
        if (( directive & 32 )); then
            _describe -V candidates candidates "\${(@)options}" && return 0
        else
            _describe candidates candidates "\${(@)options}" && return 0
        fi
    fi
    (( directive & 4 )) && return 1
    _files
}

# zsh runs this file as the function when it finds it in $fpath; not when it is sourced.
if [[ \${funcstack[1]} == _talosctl ]]; then
    _talosctl "$@"
fi
`;
