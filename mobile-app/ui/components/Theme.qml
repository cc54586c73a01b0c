pragma Singleton
import QtQuick
import Roadbook.ViewModels

// Every colour, size and duration of the app. Text pairs have a contrast of 5.4 and more on their own background.
// Never name a token "on" and a capital letter: QML reads such a property as a signal handler, and it is black.
QtObject {
    property bool dark: false
    property real scale: 1        // of text: 0.85 to 2
    property bool motion: true    // off in tests and pictures

    readonly property color bg: dark ? "#111418" : "#F6F7F9"
    readonly property color surface: dark ? "#1B2026" : "#FFFFFF"
    readonly property color surface2: dark ? "#262C34" : "#EEF1F5"
    readonly property color outline: dark ? "#3A424D" : "#D5DAE1"
    readonly property color text: dark ? "#E8EBEF" : "#14181D"
    readonly property color text2: dark ? "#A9B2BD" : "#56606C"
    readonly property color primary: dark ? "#8AB4FF" : "#1A56C4"
    readonly property color primaryText: dark ? "#06214F" : "#FFFFFF"
    readonly property color primaryBg: dark ? "#0F2D47" : "#E0EFFC"
    readonly property color ok: dark ? "#7BD6A0" : "#146C43"
    readonly property color okBg: dark ? "#123524" : "#DDF3E6"
    readonly property color warn: dark ? "#F5C26B" : "#8A5300"
    readonly property color warnBg: dark ? "#3B2B0B" : "#FFEFD2"
    readonly property color err: dark ? "#FFB4AB" : "#B3261E"
    readonly property color errBg: dark ? "#45110D" : "#FCE4E2"
    readonly property color info: dark ? "#9CCBFF" : "#0B5394"
    readonly property color infoBg: dark ? "#0F2D47" : "#E0EFFC"
    readonly property color scrim: "#99000000"

    // By hand: the machine's own choice for Chinese is often a Japanese face.
    readonly property string family: "Noto Sans CJK SC"
    readonly property int display: Math.round(28 * scale)
    readonly property int title: Math.round(20 * scale)
    readonly property int body: Math.round(16 * scale)
    readonly property int label: Math.round(14 * scale)
    readonly property int caption: Math.round(12 * scale)

    readonly property int space1: 4
    readonly property int space2: 8
    readonly property int space3: 12
    readonly property int space4: 16
    readonly property int space5: 24
    readonly property int margin: 16
    readonly property int radius: 12
    readonly property int fieldRadius: 26
    readonly property int touch: 48       // no control is smaller
    readonly property int header: 64
    readonly property int bar: 72
    readonly property int contentWidth: 720 // on a wide window lines stay readable

    readonly property int quick: motion ? 100 : 0
    readonly property int calm: motion ? 200 : 0

    function ink(tone) {
        switch (tone) {
        case Tone.Good: return ok
        case Tone.Warning: return warn
        case Tone.Bad: return err
        case Tone.Hint: return info
        default: return text2
        }
    }
    function paper(tone) {
        switch (tone) {
        case Tone.Good: return okBg
        case Tone.Warning: return warnBg
        case Tone.Bad: return errBg
        case Tone.Hint: return infoBg
        default: return surface2
        }
    }
    // The sign that goes with a tone: never colour alone.
    function sign(tone) {
        switch (tone) {
        case Tone.Good: return "check"
        case Tone.Warning: return "up"
        case Tone.Bad: return "alert"
        case Tone.Hint: return "clock"
        default: return ""
        }
    }
}
