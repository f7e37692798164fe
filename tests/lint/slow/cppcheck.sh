#!/bin/sh
# cppcheck over src/, bench/ and the test support; every finding is an error.
cd "$(dirname "$0")/../../.." || exit 1
exec cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
	--suppress=missingIncludeSystem --suppress=missingInclude --suppress=unmatchedSuppression \
	--suppress=varFuncNullUB --suppress=unknownMacro --error-exitcode=1 -j2 -Isrc -D_GNU_SOURCE -DAGENTMAIL_VERSION='"x"' \
	src bench tests/support
