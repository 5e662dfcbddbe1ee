/** The completion script for bash; it needs bash alone, not the package bash-completion. */

/**
 * The script (spec/cli.md, 8).
 *
 * @param request `__complete`, or `__completeNoDesc` for candidates without descriptions.
 */
export function bashScript(request: string): string {
  return script.replaceAll("@REQUEST@", request);
}

const script = `\
# Completion of talosctl for bash.

# bash splits words at = and : too. This joins what belongs together, up to the cursor, in
# __talosctl_words; __talosctl_part is what bash itself takes for the current word.
__talosctl_split_line() {
    local rest=\${COMP_LINE:0:COMP_POINT} position word
    __talosctl_words=()
    for ((position = 0; position <= COMP_CWORD; position++)); do
        word=\${COMP_WORDS[position]}
        if [[ $position -eq 0 || -z $rest || $rest == [[:space:]]* ]]; then
            __talosctl_words+=("")
            rest=\${rest#"\${rest%%[![:space:]]*}"}
        fi
        [[ \${#word} -gt \${#rest} ]] && word=\${word:0:\${#rest}}
        __talosctl_words[\${#__talosctl_words[@]} - 1]+=$word
        rest=\${rest#"$word"}
        __talosctl_part=$word
    done
    [[ -z \${__talosctl_part//[=:]/} ]] && __talosctl_part=
    return 0
}

# Asks with the words as they are typed, so that quotes, variables and ~ mean what they will mean;
# but completing never runs a command that stands in the line.
__talosctl_ask() {
    local line="$1 @REQUEST@" current=\${__talosctl_words[$# - 1]} word
    shift
    while [[ $# -gt 1 ]]; do
        case $1 in
            '' | *[\\;\\&\\|\\<\\>\\(\\)\\\`]*) printf -v word '%q' "$1" ;;
            *) word=$1 ;;
        esac
        line+=" $word"
        shift
    done
    current=\${current#[\\'\\"]}
    printf -v word '%q' "\${current//\\\\/}"
    eval "$line $word" 2>/dev/null
}

# Adds the descriptions to the candidates, in a column, no wider than the terminal.
__talosctl_describe() {
    local tab=$'\\t' width=0 room position entry word note
    for entry in "\${COMPREPLY[@]}"; do
        word=\${entry%%"$tab"*}
        [[ \${#word} -gt $width ]] && width=\${#word}
    done
    room=$((\${COLUMNS:-80} - width - 4))
    for position in "\${!COMPREPLY[@]}"; do
        entry=\${COMPREPLY[position]}
        word=\${entry%%"$tab"*}
        COMPREPLY[position]=$word
        [[ $entry == *"$tab"* && $room -gt 8 ]] || continue
        note=\${entry#*"$tab"}
        [[ \${#note} -gt $room ]] && note="\${note:0:room - 3}..."
        printf -v entry '%-*s  (%s)' "$width" "$word" "$note"
        COMPREPLY[position]=$entry
    done
}

# Files that end in one of the given extensions, and directories.
__talosctl_files() {
    local typed=$1 file extension
    shift
    while IFS= read -r file; do
        for extension in "$@"; do
            if [[ -d $file || $file == *".\${extension#.}" ]]; then
                COMPREPLY+=("$file")
                break
            fi
        done
    done < <(compgen -f -- "$typed")
}

__start_talosctl() {
    local tab=$'\\t' typed prefix lead answer directive line candidate position
    local __talosctl_words __talosctl_part
    COMPREPLY=()
    __talosctl_split_line
    typed=\${__talosctl_words[\${#__talosctl_words[@]} - 1]}

    answer=$(__talosctl_ask "\${__talosctl_words[@]}")
    directive=\${answer##*:}
    [[ $answer == *:* && $directive =~ ^[0-9]+$ ]] || return 0
    ((directive & 1)) && return 0
    answer=\${answer%:*}
    if [[ -n $(type -t compopt) ]]; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default
        ((directive & 32)) && compopt -o nosort
    fi

    # Of --flag=value the value is completed, and bash replaces what it takes for the word.
    prefix=
    [[ $typed == -*=* ]] && prefix=\${typed%%=*}=
    typed=\${typed#"$prefix"}
    if [[ $__talosctl_part == [\\'\\"]* ]]; then
        lead=$prefix
    else
        lead=$prefix$typed
        lead=\${lead%"$__talosctl_part"}
    fi
    typed=\${typed#[\\'\\"]}
    typed=\${typed//\\\\/}

    if ((directive & 8)); then
        __talosctl_files "$typed" $answer
        return 0
    fi
    if ((directive & 16)); then
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done < <(compgen -d -- "$typed")
        return 0
    fi

    while IFS= read -r line; do
        candidate=\${line%%"$tab"*}
        [[ -n $candidate && $candidate == "$typed"* ]] || continue
        line=$prefix$line
        COMPREPLY+=("\${line#"$lead"}")
    done <<<"$answer"

    if [[ \${#COMPREPLY[@]} -gt 1 && $COMP_TYPE -ne 37 && $COMP_TYPE -ne 42 ]]; then
        __talosctl_describe
        return 0
    fi
    # These are put into the line: the words alone, quoted where they must be.
    for position in "\${!COMPREPLY[@]}"; do
        candidate=\${COMPREPLY[position]%%"$tab"*}
        [[ $__talosctl_part == [\\'\\"]* ]] || printf -v candidate '%q' "$candidate"
        COMPREPLY[position]=$candidate
    done
}

if [[ -n $(type -t compopt) ]]; then
    complete -o default -F __start_talosctl talosctl
else
    complete -o default -o nospace -F __start_talosctl talosctl
fi
`;
