# A room is a folder of src/: one library, one namespace, its tests beside the code.
#
#   keytide_room(signature DEPENDS vocabulary LIBRARIES OpenSSL::Crypto)
#
# *.cpp makes the library, *_test.cpp the test program <room>_test, *_bench.cpp the benchmark <room>_bench.
# DEPENDS names the rooms that this one may include; tests/architecture holds the includes against it.

set(KEYTIDE_TEST_TIMEOUT 900 CACHE STRING "Seconds for one test of a room; sanitizers need more")

find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
include(GoogleTest)

function(keytide_room name)
  cmake_parse_arguments(room "" "" "DEPENDS;LIBRARIES;TEST_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  set(benches ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|/main)\\.cpp$")

  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${name} PRIVATE warnings)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${name} ${scope} ${room_DEPENDS} ${room_LIBRARIES})

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${room_TEST_DEPENDS} warnings GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${KEYTIDE_TEST_TIMEOUT})
  endif()
  if(benches)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    target_link_libraries(${name}_bench PRIVATE ${name} ${room_TEST_DEPENDS} warnings benchmark::benchmark_main)
  endif()
endfunction()
