import QtQuick
import Roadbook.Gallery // its C++ types
import Roadbook.Pages

// The whole app over its own samples.
Item {
    id: scene

    readonly property alias samples: samples
    readonly property alias root: root

    Samples { id: samples }
    AppRoot {
        id: root
        anchors.fill: parent
        app: samples.app
        motion: false
    }
}
