/** Plots are drawn in these units and stretched to the page; their words stand beside them, so none is stretched. */
export const WIDTH = 640;
export const HEIGHT = 160;
