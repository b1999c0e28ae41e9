/* What starting any C program costs: the yardstick for the main job. */
int main(void)
{
	return 0;
}
