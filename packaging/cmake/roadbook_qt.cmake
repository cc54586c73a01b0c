# What the app's rooms need of Qt. Nothing else includes this: the server, the device program and their tests build without Qt.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Qml Quick QuickTest LinguistTools)
set(QT_QML_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/qml") # one tree, so that qmllint and the tools find modules by their URI

# roadbook_qml_module(app_ui_pages URI Roadbook.Pages SOURCES a.cpp QML_FILES A.qml SINGLETONS Theme.qml USES ...)
# A QML module as a static library, with its types and files inside. A program links roadbook::NAME and says
# Q_IMPORT_QML_PLUGIN(Roadbook_PagesPlugin).
function(roadbook_qml_module name)
    cmake_parse_arguments(MODULE "" "URI" "SOURCES;QML_FILES;SINGLETONS;DEPENDENCIES;USES" ${ARGN})
    if(MODULE_SINGLETONS)
        set_source_files_properties(${MODULE_SINGLETONS} PROPERTIES QT_QML_SINGLETON_TYPE TRUE)
    endif()
    qt_add_library(roadbook_${name} STATIC)
    add_library(roadbook::${name} ALIAS roadbook_${name})
    # Qt 6.4's moc cannot parse libstdc++'s <concepts>: it need not see it, no class of ours depends on one
    set_target_properties(roadbook_${name} PROPERTIES AUTOMOC ON AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_CONCEPTS")
    qt_add_qml_module(roadbook_${name}
        URI ${MODULE_URI}
        VERSION 1.0
        RESOURCE_PREFIX /qt/qml
        DEPENDENCIES ${MODULE_DEPENDENCIES}
        SOURCES ${MODULE_SOURCES}
        QML_FILES ${MODULE_QML_FILES} ${MODULE_SINGLETONS})
    target_include_directories(roadbook_${name} PUBLIC "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
    target_link_libraries(roadbook_${name} PUBLIC ${MODULE_USES})
    set_source_files_properties(${MODULE_SOURCES} PROPERTIES COMPILE_OPTIONS
        "$<TARGET_PROPERTY:roadbook_warnings,INTERFACE_COMPILE_OPTIONS>") # generated files are Qt's affair
endfunction()
