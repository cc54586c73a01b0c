# Every word that the screens say stands in the files of both languages: taking the words anew changes nothing.
# Given: LUPDATE, SOURCE_DIR, BINARY_DIR.
file(GLOB speakers "${SOURCE_DIR}/mobile-app/viewmodels/*.[ch]pp" "${SOURCE_DIR}/mobile-app/ui/*/*.qml")
foreach(language IN ITEMS en_GB zh_CN)
    string(SUBSTRING ${language} 0 2 short)
    set(kept "${SOURCE_DIR}/mobile-app/ui/i18n/roadbook_${short}.ts")
    set(anew "${BINARY_DIR}/roadbook_${short}.ts")
    file(COPY_FILE "${kept}" "${anew}")
    set(plurals "")
    if(short STREQUAL en)
        set(plurals -pluralonly)
    endif()
    execute_process(
        COMMAND "${LUPDATE}" -silent -I "${SOURCE_DIR}" -locations none -no-obsolete -source-language en ${plurals}
                -target-language ${language} ${speakers} -ts "${anew}"
        OUTPUT_QUIET ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${kept}" "${anew}" RESULT_VARIABLE differs)
    if(differs)
        message(FATAL_ERROR "${kept} lacks words or has too many: run `ninja translations` and fill in what is unfinished")
    endif()
endforeach()
