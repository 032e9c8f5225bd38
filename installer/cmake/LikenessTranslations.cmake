# The words of the window in other languages: lrelease packs each .ts, rcc puts them under :/i18n.
find_program(LIKENESS_LRELEASE NAMES lrelease lrelease-qt6 HINTS /usr/lib/qt6/bin /usr/lib/qt6/libexec)
if(NOT LIKENESS_LRELEASE)
  message(FATAL_ERROR "lrelease is missing: it packs the German words of the window (Debian: qt6-l10n-tools)")
endif()

# likeness_translations(target FILE.ts): a resource named `translations`, to be opened with Q_INIT_RESOURCE.
function(likeness_translations target ts)
  get_filename_component(name "${ts}" NAME_WE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/translations")
  file(CONFIGURE OUTPUT "${folder}/translations.qrc" CONTENT
       "<RCC><qresource prefix=\"/i18n\"><file>${name}.qm</file></qresource></RCC>\n")
  add_custom_command(OUTPUT "${folder}/qrc_translations.cpp"
    COMMAND "${LIKENESS_LRELEASE}" -silent "${ts}" -qm "${folder}/${name}.qm"
    COMMAND Qt6::rcc --name translations --output "${folder}/qrc_translations.cpp" "${folder}/translations.qrc"
    DEPENDS "${ts}" "${folder}/translations.qrc"
    VERBATIM)
  set_source_files_properties("${folder}/qrc_translations.cpp" PROPERTIES SKIP_AUTOGEN ON)
  target_sources(${target} PRIVATE "${folder}/qrc_translations.cpp")
endfunction()
