ActionButton {
    ink: Theme.primary
    paper: pressed ? Theme.surface2 : Theme.surface
    line: Theme.outline
}
