/* chart.h - which Helm chart a file belongs to: a folder above it holds a Chart.yaml. */
#ifndef REGCRED_IO_CHART_H
#define REGCRED_IO_CHART_H

#include <stdbool.h>

#include "regcred/base/buf.h"

/* Appends the folder of the chart: the outermost above the file, as far as its path tells,
 * which takes in charts inside of charts; the working directory is "". False: there is none. */
bool chart_find(const char *path, struct buf *folder);

#endif
